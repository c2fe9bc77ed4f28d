import type { InstanceNetworkInterface, Instance as SdkInstance } from "@aws-sdk/client-ec2";
import type {
	Instance,
	InstanceId,
	Life,
	NetworkInterfaceId,
	PrimaryInterface,
	VpcId,
} from "../model/instance.ts";

/** EC2's instance in our words. EC2 promises no order within nested lists, so nothing here relies on one. */
export function toInstance(instance: SdkInstance): Instance {
	const interfaces = instance.NetworkInterfaces ?? [];
	return {
		id: instance.InstanceId as InstanceId,
		life: lifeOf(instance.State?.Name),
		vpcId: instance.VpcId as VpcId | undefined,
		primaryInterface: primaryOf(interfaces, instance.LaunchTime),
		interfaceIds: interfaces.flatMap(({ NetworkInterfaceId: id }) =>
			id === undefined ? [] : [id as NetworkInterfaceId],
		),
		launchedAt: instance.LaunchTime?.getTime() ?? 0,
		tags: new Map((instance.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
	};
}

function lifeOf(state: string | undefined): Life {
	if (state === "pending" || state === "running") return "serving";
	if (state === "shutting-down" || state === "terminated") return "gone";
	return "resting";
}

/** Device index 0 on network card 0. Instances without several cards may leave the card out. */
function primaryOf(
	interfaces: readonly InstanceNetworkInterface[],
	launchTime: Date | undefined,
): PrimaryInterface | undefined {
	const primary = interfaces.find(
		({ Attachment }) => Attachment?.DeviceIndex === 0 && (Attachment.NetworkCardIndex ?? 0) === 0,
	);
	if (primary?.NetworkInterfaceId === undefined) return undefined;
	const attachedAt = primary.Attachment?.AttachTime ?? launchTime;
	if (attachedAt === undefined) return undefined;
	return {
		id: primary.NetworkInterfaceId as NetworkInterfaceId,
		attachedAt: attachedAt.getTime(),
		sourceDestCheck: primary.SourceDestCheck ?? true,
	};
}
