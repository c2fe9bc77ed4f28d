/** What a test makes go wrong with one call: EC2's refusal, or a failure of the way to it; before the call takes effect or after. */
export type Fault =
	| {
			readonly when: "before" | "after";
			readonly status: number;
			readonly code: string;
			readonly message: string;
	  }
	| { readonly when: "before" | "after"; readonly kind: "connection-reset" | "timeout" | "malformed-xml" };

/** What a fault is decided upon. */
export interface InterceptedCall {
	readonly action: string;
	readonly parameters: Readonly<Record<string, string>>;
	/** How many calls this world had before. */
	readonly index: number;
}

/** No answer came: thrown by the world, and turned by each transport into what a client would see. */
export class TransportFault extends Error {
	readonly kind: "connection-reset" | "timeout";

	constructor(kind: TransportFault["kind"]) {
		super(`injected ${kind}`);
		this.name = "TransportFault";
		this.kind = kind;
	}
}
