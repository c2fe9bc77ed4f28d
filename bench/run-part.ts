import { PARTS } from "./parts.ts";

/** One part in a process of its own: tells its figures to the process that started it. */
const [name = ""] = process.argv.slice(2);
process.send?.(await PARTS[name]?.measure());
process.disconnect();
