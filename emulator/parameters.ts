/** The parameters of each action by wire name, lists without their index (EC2 API Reference, version 2016-11-15). */
export const PARAMETERS = {
	AssociateRouteTable: "DryRun GatewayId PublicIpv4Pool RouteTableId SubnetId",
	AssociateVpcCidrBlock:
		"AmazonProvidedIpv6CidrBlock CidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6CidrBlock Ipv6CidrBlockNetworkBorderGroup Ipv6IpamPoolId Ipv6NetmaskLength Ipv6Pool VpcId",
	AttachInternetGateway: "DryRun InternetGatewayId VpcId",
	AttachNetworkInterface:
		"DeviceIndex DryRun EnaQueueCount EnaSrdSpecification InstanceId NetworkCardIndex NetworkInterfaceId",
	CreateInternetGateway: "DryRun TagSpecification",
	CreateNetworkInterface:
		"ClientToken ConnectionTrackingSpecification Description DryRun EnablePrimaryIpv6 InterfaceType Ipv4Prefix Ipv4PrefixCount Ipv6AddressCount Ipv6Addresses Ipv6Prefix Ipv6PrefixCount Operator PrivateIpAddress PrivateIpAddresses SecondaryPrivateIpAddressCount SecurityGroupId SubnetId TagSpecification",
	CreateRoute:
		"CarrierGatewayId CoreNetworkArn DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId DryRun EgressOnlyInternetGatewayId GatewayId InstanceId LocalGatewayId NatGatewayId NetworkInterfaceId OdbNetworkArn RouteTableId TransitGatewayId VpcEndpointId VpcPeeringConnectionId",
	CreateRouteTable: "ClientToken DryRun TagSpecification VpcId",
	CreateSubnet:
		"AvailabilityZone AvailabilityZoneId CidrBlock DryRun Ipv4IpamPoolId Ipv4NetmaskLength Ipv6CidrBlock Ipv6IpamPoolId Ipv6Native Ipv6NetmaskLength OutpostArn TagSpecification VpcId",
	CreateTags: "DryRun ResourceId Tag",
	CreateVpc:
		"AmazonProvidedIpv6CidrBlock CidrBlock DryRun InstanceTenancy Ipv4IpamPoolId Ipv4NetmaskLength Ipv6CidrBlock Ipv6CidrBlockNetworkBorderGroup Ipv6IpamPoolId Ipv6NetmaskLength Ipv6Pool TagSpecification VpcEncryptionControl",
	DeleteNetworkInterface: "DryRun NetworkInterfaceId",
	DeleteRoute: "DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId DryRun RouteTableId",
	DeleteRouteTable: "DryRun RouteTableId",
	DeleteTags: "DryRun ResourceId Tag",
	DescribeImages:
		"DryRun ExecutableBy Filter ImageId IncludeDeprecated IncludeDisabled MaxResults NextToken Owner",
	DescribeInstanceAttribute: "Attribute DryRun InstanceId",
	DescribeInstances: "DryRun Filter IncludeManagedResources InstanceId MaxResults NextToken",
	DescribeNetworkInterfaces: "DryRun Filter IncludeManagedResources MaxResults NetworkInterfaceId NextToken",
	DescribeRouteTables: "DryRun Filter MaxResults NextToken RouteTableId",
	DescribeSubnets: "DryRun Filter MaxResults NextToken SubnetId",
	DescribeVpcs: "DryRun Filter MaxResults NextToken VpcId",
	DetachNetworkInterface: "AttachmentId DryRun Force",
	ModifyInstanceAttribute:
		"Attribute BlockDeviceMapping DisableApiStop DisableApiTermination DryRun EbsOptimized EnaSupport EnclaveOptions GroupId InstanceId InstanceInitiatedShutdownBehavior InstanceType Kernel Ramdisk SourceDestCheck SriovNetSupport UserData Value",
	ModifyNetworkInterfaceAttribute:
		"AssociatePublicIpAddress AssociatedSubnetId Attachment ConnectionTrackingSpecification Description DryRun EnaSrdSpecification EnablePrimaryIpv6 NetworkInterfaceId SecurityGroupId SourceDestCheck",
	ReplaceRoute:
		"CarrierGatewayId CoreNetworkArn DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId DryRun EgressOnlyInternetGatewayId GatewayId InstanceId LocalGatewayId LocalTarget NatGatewayId NetworkInterfaceId OdbNetworkArn RouteTableId TransitGatewayId VpcEndpointId VpcPeeringConnectionId",
	RunInstances:
		"AdditionalInfo BlockDeviceMapping CapacityReservationSpecification ClientToken CpuOptions CreditSpecification DisableApiStop DisableApiTermination DryRun EbsOptimized ElasticGpuSpecification ElasticInferenceAccelerator EnablePrimaryIpv6 EnclaveOptions HibernationOptions IamInstanceProfile ImageId InstanceInitiatedShutdownBehavior InstanceMarketOptions InstanceType Ipv6Address Ipv6AddressCount KernelId KeyName LaunchTemplate LicenseSpecification MaintenanceOptions MaxCount MetadataOptions MinCount Monitoring NetworkInterface NetworkPerformanceOptions Operator Placement PrivateDnsNameOptions PrivateIpAddress RamdiskId SecondaryInterface SecurityGroup SecurityGroupId SubnetId TagSpecification UserData",
	StartInstances: "AdditionalInfo DryRun InstanceId",
	StopInstances: "DryRun Force Hibernate InstanceId SkipOsShutdown",
	TerminateInstances: "DryRun Force InstanceId SkipOsShutdown",
} as const;
