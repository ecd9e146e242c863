// What every story needs: a signed-in client of the vendor's, a refusal, and the way
// from the command line to a story. node FILE URL STORY exits 0 when it ends well.
const assert = require("node:assert/strict");
const { WebApi } = require("@superoffice/webapi");

function signedIn(url, user = "tje0", password = "Tje0", options = {}) {
  const api = new WebApi({ baseUrl: url, ...options });
  api.authenticateWithPassword(user, password);
  return api;
}

async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error.response ?? error;
  }
  assert.fail("was not refused");
}

function run(stories) {
  stories[process.argv[3]](process.argv[2]).catch((error) => {
    console.error(error.stack, error.response?.status, error.response?.data);
    process.exit(1);
  });
}

module.exports = { signedIn, refused, run };
