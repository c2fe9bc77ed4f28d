// osls evaluates CommonJS files only; Node loads the TypeScript behind it as it is.
const { events } = require("./events.ts");
const { readStack } = require("./stack.ts");

module.exports = async (packaging) => events(await readStack(packaging));
