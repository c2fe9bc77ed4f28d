import {
	CreateRouteCommand,
	DeleteRouteCommand,
	DescribeInstanceAttributeCommand,
	DescribeInstancesCommand,
	DescribeNetworkInterfacesCommand,
	DescribeRouteTablesCommand,
	EC2Client,
	ModifyNetworkInterfaceAttributeCommand,
	ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";

/** The SDK as far as the handlers use it. */
export const sdk = {
	EC2Client,
	commands: {
		CreateRouteCommand,
		DeleteRouteCommand,
		DescribeInstanceAttributeCommand,
		DescribeInstancesCommand,
		DescribeNetworkInterfacesCommand,
		DescribeRouteTablesCommand,
		ModifyNetworkInterfaceAttributeCommand,
		ReplaceRouteCommand,
	},
};
