// osls evaluates CommonJS files only; Node loads the TypeScript behind it as it is.
const { roles } = require("./iam.ts");
const { readStack } = require("./stack.ts");

module.exports = async (packaging) => roles(await readStack(packaging));
