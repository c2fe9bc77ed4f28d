import type { Cidr } from "./cidr.ts";

/**
 * What one node says it serves.
 *
 * - `none`: neither tag nor user data names a block; normal for a control-plane instance.
 * - `blocks`: at most one block per address family, in address order. `place` says where it stood
 *   (`tag pod-cidr`, `user data line 3`), for people.
 * - `refused`: what it says cannot be taken for a claim. `detail` names the place and the reason and never
 *   quotes user data.
 * - `unread`: it could not be read, so it may say anything.
 */
export type Claim =
	| { readonly kind: "none" }
	| { readonly kind: "blocks"; readonly blocks: readonly Cidr[]; readonly place: string }
	| {
			readonly kind: "refused";
			readonly reason: "malformed-claim" | "contradictory-claim";
			readonly detail: string;
	  }
	| { readonly kind: "unread"; readonly why: string };
