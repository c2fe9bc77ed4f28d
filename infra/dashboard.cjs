// osls evaluates CommonJS files only; Node loads the TypeScript behind it as it is.
const { dashboard } = require("./dashboard.ts");
const { readStack } = require("./stack.ts");

module.exports = async (packaging) => dashboard(await readStack(packaging));
