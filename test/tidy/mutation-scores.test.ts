import { describe, expect, it } from "vitest";
import { type FolderScore, missedGoals, scoresOf, tabulate } from "../../scripts/mutation-scores.ts";

const NONE = { killed: 0, survived: 0, disabled: 0, unexplained: 0, unusable: 0 };

function aFile(source: string, ...statuses: readonly string[]) {
	return { source, mutants: statuses.map((status) => ({ status })) };
}

/** A source with one mutant that Stryker left out, for that reason as Stryker gives it. */
function disabledIn(source: string, statusReason: string) {
	const files = { "src/plan/judge.ts": { source, mutants: [{ status: "Ignored", statusReason }] } };
	return scoresOf({ files });
}

describe("The scores of a mutation report", () => {
	it("count every mutant of a folder, at any depth, by what became of it", () => {
		const files = {
			"src/plan/judge.ts": aFile("", "Killed", "Timeout", "Survived", "NoCoverage"),
			"src/model/cidr.ts": aFile("", "Killed"),
			"src/plan/deep/vet.ts": aFile("", "Killed", "CompileError", "RuntimeError"),
		};
		expect(scoresOf({ files })).toEqual([
			{ ...NONE, folder: "plan", killed: 3, survived: 2, unusable: 2 },
			{ ...NONE, folder: "model", killed: 1 },
		]);
	});

	it("tell a mutant whose reason stands in the comment from one without a reason", () => {
		const reason = "the ends are the same.";
		const withReason = `// Stryker disable next-line EqualityOperator,StringLiteral: ${reason}\n`;
		expect(disabledIn(withReason, reason)).toEqual([{ ...NONE, folder: "plan", disabled: 1 }]);
		const unexplained = [{ ...NONE, folder: "plan", unexplained: 1 }];
		expect(disabledIn("// Stryker disable next-line all\n", "Ignored using a comment")).toEqual(unexplained);
		expect(disabledIn("", 'Ignored because of excluded mutation "StringLiteral"')).toEqual(unexplained);
		expect(disabledIn(`// Stryker disable all: ${reason}\n`, reason)).toEqual(unexplained);
	});

	it("are refused of a run that did not end, and of a file outside src", () => {
		expect(() => scoresOf({ files: { "src/plan/judge.ts": aFile("", "Pending") } })).toThrow(
			"A mutant is Pending: it has no result",
		);
		expect(() => scoresOf({ files: { "emulator/ec2.ts": aFile("", "Killed") } })).toThrow(
			"emulator/ec2.ts is in no folder of src",
		);
	});
});

describe("A goal", () => {
	const scores: readonly FolderScore[] = [
		{ ...NONE, folder: "plan", killed: 9_999, disabled: 7, unexplained: 1 },
		{ ...NONE, folder: "model", killed: 95, survived: 5, unusable: 9 },
		{ ...NONE, folder: "claim", killed: 3 },
	];

	it("is met by a share that is as large, and disabled mutants with a reason do not count", () => {
		expect(missedGoals(scores, { claim: 1, model: 0.95 })).toEqual([]);
	});

	it("is missed by one survivor, one disabled without a reason, and where nothing was mutated", () => {
		expect(missedGoals(scores, { plan: 1, model: 0.96, reconcile: 0.95 })).toEqual([
			"src/plan: 99.99 % is below 100.00 %",
			"src/model: 95.00 % is below 96.00 %",
			"src/reconcile: nothing was mutated",
		]);
		expect(missedGoals([{ ...NONE, folder: "plan", disabled: 7 }], { plan: 1 })).toEqual([
			"src/plan: nothing was mutated",
		]);
	});

	it("is judged by what the table shows", () => {
		expect(tabulate(scores)).toMatchInlineSnapshot(`
			"              score  killed  survived  disabled  disabled without a reason  unusable
			src/plan    99.99 %    9999         0         7                          1         0
			src/model   95.00 %      95         5         0                          0         9
			src/claim  100.00 %       3         0         0                          0         0"
		`);
	});
});
