/** EC2's answer lacks what every such answer has, so nothing can be concluded from it. */
class BrokenAnswerError extends Error {
	override readonly name = "BrokenAnswer";
}

/** The longest id there is has 21 characters. */
const ID = /^[a-z]+-[0-9a-z]{1,32}$/;

/**
 * The items of a listing, each with its id. Where there is none, EC2 sends an empty list (aws-facts.md §1.2): an answer
 * without a list, such as a proxy's page, must not pass for one, or every route would seem to lead nowhere.
 *
 * @throws where there is no list, or an item without a usable id.
 */
export function itemsOf<T>(
	list: readonly T[] | undefined,
	idOf?: (item: T) => string | undefined,
): readonly T[] {
	if (list === undefined) throw new BrokenAnswerError("the answer has no list");
	if (idOf !== undefined && !list.every((item) => ID.test(idOf(item) ?? ""))) {
		throw new BrokenAnswerError("an item of the answer has no usable id");
	}
	return list;
}
