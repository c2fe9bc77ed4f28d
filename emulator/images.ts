import type { Tags } from "./entities.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUpAll } from "./ids.ts";
import { type Ec2Request, listOf } from "./query.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

interface Image {
	readonly id: string;
	readonly ownerId: string;
	readonly name: string;
	readonly creationDate: string;
	readonly tags: Tags;
}

/** Enough for a caller that looks an image up before it launches; RunInstances takes any well-formed image id. */
const IMAGES: ReadonlyMap<string, Image> = new Map(
	[
		{
			id: "ami-0a1b2c3d4e5f60718",
			ownerId: "099720109477",
			name: "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-20230517",
			creationDate: "2023-05-17T21:33:11.000Z",
			tags: new Map<string, string>(),
		},
		{
			id: "ami-0b2c3d4e5f6071829",
			ownerId: "099720109477",
			name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20240301",
			creationDate: "2024-03-01T11:08:42.000Z",
			tags: new Map<string, string>(),
		},
	].map((image) => [image.id, image]),
);

const FILTERS: FilterTable<Image> = {
	architecture: () => ["x86_64"],
	"creation-date": ({ creationDate }) => [creationDate],
	"image-id": ({ id }) => [id],
	"image-type": () => ["machine"],
	"is-public": () => ["true"],
	name: ({ name }) => [name],
	"owner-id": ({ ownerId }) => [ownerId],
	"root-device-type": () => ["ebs"],
	state: () => ["available"],
	"virtualization-type": () => ["hvm"],
};

/** DescribeImages, of a short fixed catalogue. */
export function describeImages(_world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "ImageId");
	const owners = listOf(request, "Owner");
	const matches = filtersOf(request, FILTERS);
	const images = ids.length > 0 ? lookUpAll(KINDS.image, IMAGES, ids) : [...IMAGES.values()];
	const shown = images.filter(
		(image) => matches(image) && (owners.length === 0 || owners.includes(image.ownerId)),
	);
	return { imagesSet: shown.map(describeImage) };
}

function describeImage({ id, ownerId, name, creationDate }: Image): XmlElement {
	return {
		imageId: id,
		imageLocation: `${ownerId}/${name}`,
		imageState: "available",
		imageOwnerId: ownerId,
		creationDate,
		isPublic: true,
		architecture: "x86_64",
		imageType: "machine",
		name,
		rootDeviceType: "ebs",
		rootDeviceName: "/dev/sda1",
		virtualizationType: "hvm",
		hypervisor: "xen",
	};
}
