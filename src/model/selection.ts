/** One filter of an EC2 Describe action: any of the values may match, `*` and `?` being wildcards. */
export interface Filter {
	readonly name: string;
	readonly values: readonly string[];
}

/** Which route tables are looked after: by id, or whatever matches the filters. */
export type TableSelection =
	| { readonly kind: "ids"; readonly ids: readonly string[] }
	| { readonly kind: "filters"; readonly filters: readonly Filter[] };
