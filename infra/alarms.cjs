// osls evaluates CommonJS files only; Node loads the TypeScript behind it as it is.
const { alarms } = require("./alarms.ts");
const { readStack } = require("./stack.ts");

module.exports = async (packaging) => alarms(await readStack(packaging));
