import type { Filter as SdkFilter } from "@aws-sdk/client-ec2";
import type { Filter } from "../model/selection.ts";

/** EC2 takes at most 200 values in one filter (EC2 API reference, "Filter"). */
const VALUES_MAX = 200;

export function toSdkFilters(filters: readonly Filter[]): SdkFilter[] {
	return filters.map(({ name, values }) => ({ Name: name, Values: [...values] }));
}

/** `values` in runs that fit into one filter each. */
export function inChunks<T>(values: readonly T[]): readonly (readonly T[])[] {
	return Array.from({ length: Math.ceil(values.length / VALUES_MAX) }, (_, index) =>
		values.slice(index * VALUES_MAX, (index + 1) * VALUES_MAX),
	);
}
