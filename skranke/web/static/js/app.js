// The pages' scripts: modules without a build step. Without them reading, answering and
// closing work by plain forms.
if (window.trustedTypes?.createPolicy && !trustedTypes.defaultPolicy) {
  // html comes from this server, which escapes it; no script may be made of a text
  trustedTypes.createPolicy("default", {
    createHTML: (text) => text,
    createScriptURL: (text) => {
      const url = new URL(text, location.href);
      if (url.origin !== location.origin) throw new TypeError("Scripts come from this server alone");
      return text;
    },
  });
}
const { headers, told, toast } = await import("./page.js");
await Promise.all(["./zone.js", "./menus.js", "./navigate.js", "./list.js", "./palette.js", "./keys.js", "./composer.js", "./live.js", "./settings.js"].map((name) => import(name)));

if (matchMedia("(prefers-contrast: more)").matches) document.documentElement.dataset.contrast = "more";

document.addEventListener("htmx:configRequest", (event) => {
  Object.assign(event.detail.headers, headers());
});
document.addEventListener("htmx:afterRequest", (event) => told(event.detail.xhr.getResponseHeader("hx-trigger")));
document.addEventListener("htmx:responseError", (event) => toast(event.detail.xhr.responseText.slice(0, 300), null, true));
// a header that is replaced keeps its place in the list
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const walk = event.detail.target?.querySelector?.("#ticket-header nav, nav");
  const header = event.detail.fragment?.querySelector?.("header");
  if (walk && header && !header.querySelector("nav")) header.querySelector(".more-menu")?.before(walk);
});
document.documentElement.dataset.ready = "1";
