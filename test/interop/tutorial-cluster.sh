# "Kubernetes the hard way" on AWS, chapter 3: the network and the six instances. Prints their ids as name=id.
set -euo pipefail

VPC_ID=$(aws ec2 create-vpc --cidr-block 10.0.0.0/16 --output text --query 'Vpc.VpcId')
aws ec2 create-tags --resources "${VPC_ID}" --tags Key=Name,Value=kubernetes-the-hard-way

SUBNET_ID=$(aws ec2 create-subnet \
  --vpc-id "${VPC_ID}" \
  --cidr-block 10.0.1.0/24 \
  --output text --query 'Subnet.SubnetId')

INTERNET_GATEWAY_ID=$(aws ec2 create-internet-gateway --output text --query 'InternetGateway.InternetGatewayId')
aws ec2 attach-internet-gateway --internet-gateway-id "${INTERNET_GATEWAY_ID}" --vpc-id "${VPC_ID}"

ROUTE_TABLE_ID=$(aws ec2 create-route-table --vpc-id "${VPC_ID}" --output text --query 'RouteTable.RouteTableId')
aws ec2 associate-route-table \
  --route-table-id "${ROUTE_TABLE_ID}" --subnet-id "${SUBNET_ID}" --output text --query 'AssociationId' >/dev/null
aws ec2 create-route \
  --route-table-id "${ROUTE_TABLE_ID}" \
  --destination-cidr-block 0.0.0.0/0 \
  --gateway-id "${INTERNET_GATEWAY_ID}" >/dev/null
echo "route-table=${ROUTE_TABLE_ID}"
echo "internet-gateway=${INTERNET_GATEWAY_ID}"

IMAGE_ID=$(aws ec2 describe-images --owners 099720109477 \
  --filters \
  'Name=root-device-type,Values=ebs' \
  'Name=architecture,Values=x86_64' \
  'Name=name,Values=ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-*' \
  --output text --query 'sort_by(Images, &Name)[-1].ImageId')

launch() {
  local name=$1 address=$2 user_data=$3 instance_id
  instance_id=$(aws ec2 run-instances \
    --associate-public-ip-address \
    --image-id "${IMAGE_ID}" \
    --count 1 \
    --instance-type t3.micro \
    --private-ip-address "${address}" \
    --user-data "${user_data}" \
    --subnet-id "${SUBNET_ID}" \
    --block-device-mappings='{"DeviceName": "/dev/sda1", "Ebs": { "VolumeSize": 50 }, "NoDevice": "" }' \
    --output text --query 'Instances[].InstanceId')
  aws ec2 modify-instance-attribute --instance-id "${instance_id}" --no-source-dest-check
  aws ec2 create-tags --resources "${instance_id}" --tags "Key=Name,Value=${name}"
  echo "${name}=${instance_id}"
}

for i in 0 1 2; do
  launch "controller-${i}" "10.0.1.1${i}" "name=controller-${i}"
done
for i in 0 1 2; do
  launch "worker-${i}" "10.0.1.2${i}" "name=worker-${i}|pod-cidr=10.200.${i}.0/24"
done
