# "Kubernetes the hard way" on AWS, chapter 11: the routes, as the tutorial verifies them.
aws ec2 describe-route-tables \
  --route-table-ids "${ROUTE_TABLE_ID}" \
  --query 'RouteTables[].Routes'
