import { Ec2Error, invalidValue } from "./errors.ts";

/** The limit holds for the raw bytes, before base64 (aws-facts.md §3). */
const LIMIT_BYTES = 16_384;

/**
 * The base64 text as EC2 keeps it. Throws `InvalidUserData.Malformed` for text that is not base64,
 * `InvalidParameterValue` beyond 16,384 raw bytes (aws-facts.md §3).
 */
export function checkedUserData(base64: string): string {
	const text = base64.replace(/\s/g, "");
	if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
		throw new Ec2Error("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data");
	}
	const raw = Buffer.from(text, "base64");
	if (raw.length > LIMIT_BYTES) throw invalidValue(`User data is limited to ${LIMIT_BYTES} bytes`);
	return raw.toString("base64");
}
