/** The functions: their keys in serverless.yml and, as `Ref`s, what CloudFormation knows them by. */
export const FUNCTIONS = {
	instanceStateChange: "InstanceStateChangeLambdaFunction",
	routeTableAudit: "RouteTableAuditLambdaFunction",
	backfill: "BackfillLambdaFunction",
} as const;

export type FunctionKey = keyof typeof FUNCTIONS;
