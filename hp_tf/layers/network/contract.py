"""The network layer: a VPC, its public and private subnets, and the way out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    CreateOnly,
    Found,
    Inputs,
    KeyedBy,
    Name,
    Outputs,
    Remedy,
    Text,
)
from hp_tf.contract.facts import OfAccount, OfName, OfRegion, OfTags
from hp_tf.contract.roles import Network
from hp_tf.contract.rules import (
    Rule,
    both,
    choose,
    either,
    element,
    implies,
    listed,
    literal,
    negation,
    total,
    var,
)
from hp_tf.contract.shared_rules import key_in_region, tag_keys_distinct
from hp_tf.contract.types import (
    ADDRESS,
    BucketArn,
    Cidr,
    InternetGatewayId,
    KmsKeyArn,
    LogRetentionDays,
    NatGatewayId,
    PolicyArn,
    RolePath,
    RouteTableId,
    SubnetId,
    Tags,
    VpcCidr,
    VpcId,
    ZoneId,
)
from hp_tf.layers.network.derived import derived, find_vpc_cidr
from hp_tf.layers.network.lookup import LOOKUP
from hp_tf.layers.network.purchases import buys
from hp_tf.layers.network.resources import RESOURCES
from hp_tf.layers.network.rules import GIVEN_SUBNET, PYTHON_RULES, regular_or_named

BLOCK_ADVICE = "a subnet keeps its block for life; give zones that exist their present blocks and change only new ones"

TransitGatewayId = Annotated[str, Text("tgw-[0-9a-f]{8,17}", "a transit gateway id such as 'tgw-0123456789abcdef0'")]
PeeringId = Annotated[str, Text("pcx-[0-9a-f]{8,17}", "a peering connection's id such as 'pcx-0123456789abcdef0'")]
VpnGatewayId = Annotated[
    str, Text("vgw-[0-9a-f]{8,17}", "a virtual private gateway id such as 'vgw-0123456789abcdef0'")
]
InterfaceId = Annotated[str, Text("eni-[0-9a-f]{8,17}", "a network interface id such as 'eni-0123456789abcdef0'")]
AllocationId = Annotated[
    str, Text("eipalloc-[0-9a-f]{8,17}", "an address's allocation id such as 'eipalloc-0123456789abcdef0'")
]
PrivateRange = Annotated[
    str,
    Text(
        rf"{ADDRESS}/(?:1[2-9]|2[0-4])",
        "an IPv4 range between /12 and /24, sixteen times the size of one zone's block, such as '10.0.0.0/12'",
    ),
]


class PrivateRoute(Block):
    """A route of the private subnets to somewhere else than the internet: one target of those below."""

    destination_cidr_block: Cidr = Field(description="Addresses that the route is for.")
    transit_gateway_id: TransitGatewayId | None = Field(
        None, description="Transit gateway, to which the VPC must be attached already."
    )
    vpc_peering_connection_id: PeeringId | None = Field(None, description="Peering connection of the VPC.")
    vpn_gateway_id: VpnGatewayId | None = Field(None, description="Virtual private gateway of the VPC.")
    network_interface_id: InterfaceId | None = Field(None, description="Network interface, such as a firewall's.")


class NetworkInputs(Inputs):
    """Inputs of the network layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    tags: OfTags

    create_vpc: bool = Field(
        default=True, description="Whether a VPC is created. False uses the one vpc_id names and adds subnets to it."
    )
    vpc_id: VpcId | None = Field(
        default=None, description="Id of the given VPC when create_vpc is false. DNS support and hostnames must be on."
    )
    vpc_cidr: Annotated[
        VpcCidr,
        CreateOnly("a VPC keeps its primary block for life; build a second environment and move to it"),
        Found(find_vpc_cidr, unless="create_vpc"),
    ] = Field(
        default="10.192.0.0/16",
        description="Primary IPv4 block of the VPC, created or given. A /16 to /20 holds the default public subnets.",
    )
    further_vpc_cidrs: dict[str, VpcCidr] = Field(
        default_factory=dict,
        description="Further IPv4 blocks of a given VPC, by a name of your choice: those in which no private subnets "
        "are made here. Clients in them reach interface endpoints, too.",
    )
    availability_zone_ids: list[ZoneId] = Field(
        min_length=1,
        max_length=5,
        description="Ids of the zones to have subnets in (ids, not names: names differ between accounts). Order does "
        "not matter. Every zone adds a CIDR block to the VPC; five zones make six blocks, and the default "
        "quota 'IPv4 CIDR blocks per VPC' is five, so ask for more first or take private_cidr_range out of vpc_cidr "
        "with associate_private_cidrs false.",
    )
    primary_availability_zone_id: ZoneId | None = Field(
        default=None,
        description="Zone of the single NAT gateway and of the HyperPod cluster's default subnet. Required with more "
        "than one zone. Another one replaces the cluster, and the file system that names no zone of its own.",
    )

    public_subnets: bool = Field(
        default=True,
        description="Whether each zone has a public subnet. False with nat 'none' makes a network without any way to "
        "the internet; false with a given VPC uses what that VPC has.",
    )
    public_subnet_cidrs: Annotated[dict[ZoneId, VpcCidr], CreateOnly(BLOCK_ADVICE)] = Field(
        default_factory=dict,
        description="Blocks of public subnets by zone id. A zone that is not named gets block number N of 256 of "
        "vpc_cidr, N being the zone's own number. Local Zones, and every zone of a given VPC, must be named.",
    )
    internet_gateway_id: InternetGatewayId | None = Field(
        default=None, description="Internet gateway of a given VPC, needed for public subnets in it."
    )

    private_cidr_range: Annotated[PrivateRange, CreateOnly(BLOCK_ADVICE)] = Field(
        default="10.0.0.0/12",
        description="Range the private subnets are taken from, sixteen blocks: a zone gets the block of its own number "
        "(usw2-az3 of 10.0.0.0/12: 10.3.0.0/16).",
    )
    private_subnet_cidrs: Annotated[dict[ZoneId, VpcCidr], CreateOnly(BLOCK_ADVICE)] = Field(
        default_factory=dict,
        description="Blocks of private subnets by zone id, instead of those of private_cidr_range. Local Zones must "
        "be named: their numbers are those of other zones.",
    )
    associate_private_cidrs: bool = Field(
        default=True,
        description="Whether the private subnets' blocks are added to the VPC as secondary CIDR blocks. False when "
        "they lie in blocks the VPC has already.",
    )

    nat: Literal["single", "per_az", "existing", "none"] = Field(
        default="single",
        description="Way out of the private subnets: one NAT gateway in the primary zone, one in every zone, the ones "
        "nat_gateway_ids names, or none.",
    )
    nat_gateway_ids: dict[ZoneId, NatGatewayId] = Field(
        default_factory=dict,
        description="Given NAT gateways by zone id, with nat 'existing'. The primary zone's serves each zone that is "
        "not named.",
    )

    nat_allocation_ids: Annotated[
        dict[ZoneId, AllocationId], CreateOnly("another address makes the zone's NAT gateway anew")
    ] = Field(
        default_factory=dict,
        description="Elastic IP addresses that the NAT gateways take, by zone id: those that others let in already. A "
        "zone that is not named gets a new one.",
    )
    private_routes: dict[str, PrivateRoute] = Field(
        default_factory=dict,
        description="Further routes of every private subnet, by a name of your choice: to other networks of yours.",
    )
    private_subnet_tags: Tags = Field(
        default_factory=dict,
        description="Further tags of the private subnets, such as karpenter.sh/discovery, kubernetes.io/cluster/NAME; "
        "kubernetes.io/role/internal-elb is there.",
    )
    public_subnet_tags: Tags = Field(
        default_factory=dict,
        description="Further tags of the public subnets. kubernetes.io/role/elb is there.",
    )

    flow_logs: Literal["none", "cloudwatch", "s3"] = Field(
        default="none", description="Where records of the VPC's traffic go, if anywhere."
    )
    flow_log_traffic: Literal["ALL", "ACCEPT", "REJECT"] = Field(
        default="ALL", description="Which traffic is recorded in the flow logs."
    )
    flow_log_retention_days: LogRetentionDays = Field(
        default=30, description="Days that flow logs stay in CloudWatch Logs."
    )
    flow_log_bucket_arn: BucketArn | None = Field(
        default=None, description="Bucket for flow logs with flow_logs 's3'; its policy must let AWS deliver logs."
    )
    kms_key_arn: KmsKeyArn | None = Field(
        default=None,
        description="KMS key of the flow logs' CloudWatch log group; its policy must allow CloudWatch Logs. Null "
        "means the key AWS owns.",
    )
    role_path: Annotated[RolePath, CreateOnly("switch flow logs off for one apply to give their role another path")] = (
        Field(default="/", description="IAM path of the role that writes the flow logs.")
    )
    permissions_boundary_arn: PolicyArn | None = Field(
        default=None, description="Permissions boundary of the role that writes the flow logs."
    )


class NetworkOutputs(Outputs):
    """Outputs of the network layer."""

    vpc_id: VpcId = Field(description="Id of the VPC.")
    vpc_cidr: VpcCidr = Field(description="Primary IPv4 block of the VPC.")
    vpc_cidr_blocks: dict[str, VpcCidr] = Field(
        description="IPv4 blocks in use: 'primary' is the VPC's own, a zone id that of the zone's private subnet, "
        "other keys are those of further_vpc_cidrs."
    )
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], KeyedBy("availability_zone_ids")] = Field(
        description="Ids of the private subnets by zone id, usable once their routes exist."
    )
    public_subnet_ids: dict[ZoneId, SubnetId] = Field(description="Ids of the public subnets by zone id.")
    private_route_table_ids: Annotated[dict[ZoneId, RouteTableId], KeyedBy("availability_zone_ids")] = Field(
        description="Ids of the private subnets' route tables by zone id."
    )
    internet_gateway_id: InternetGatewayId | None = Field(
        description="Id of the internet gateway; null without public subnets."
    )
    public_route_table_id: RouteTableId | None = Field(
        description="Id of the public subnets' route table, once it leads to the internet; null without public subnets."
    )
    nat_gateway_ids: dict[ZoneId, NatGatewayId] = Field(
        description="NAT gateway of each private subnet's default route by zone id; empty without NAT."
    )
    nat_public_ips: dict[ZoneId, str] = Field(
        description="Public addresses of the NAT gateways made here by zone id: what others must let in."
    )
    private_subnet_cidrs: dict[ZoneId, VpcCidr] = Field(description="Blocks of the private subnets by zone id.")
    public_subnet_cidrs: dict[ZoneId, VpcCidr] = Field(description="Blocks of the public subnets by zone id.")
    primary_availability_zone_id: ZoneId = Field(description="Id of the primary zone.")
    primary_private_subnet_id: SubnetId = Field(description="Id of the private subnet in the primary zone.")


_ROUTE = element("route")
_TARGETS = total(
    *(
        choose(_ROUTE.field(name).given(), 1, 0)
        for name in ("transit_gateway_id", "vpc_peering_connection_id", "vpn_gateway_id", "network_interface_id")
    )
)
_zones = var("availability_zone_ids")
_primary = var("primary_availability_zone_id")
_given_vpc = var("create_vpc").eq(False)
_public = var("public_subnets").eq(True)
_public_cidrs = var("public_subnet_cidrs").keys()
_cloudwatch = var("flow_logs").eq("cloudwatch")


RULES = (
    Rule(
        "network-zones-distinct",
        on="availability_zone_ids",
        check=_zones.distinct(),
        message="Every zone of availability_zone_ids must be named once.",
        culprits=_zones.doubled(),
    ),
    Rule(
        "network-zones-quota",
        on="availability_zone_ids",
        check=either(_zones.length().le(4), var("associate_private_cidrs").eq(False)),
        message="Five zones need six CIDR blocks, and a VPC's default quota is five: raise it first.",
        level="warning",
    ),
    Rule(
        "network-primary-required",
        on="primary_availability_zone_id",
        check=either(_primary.given(), _zones.length().le(1)),
        message="With more than one zone, primary_availability_zone_id must name the one of the cluster and its NAT.",
    ),
    Rule(
        "network-primary-listed",
        on="primary_availability_zone_id",
        check=implies(_primary.given(), _primary.within(_zones)),
        message="The primary_availability_zone_id must be one of availability_zone_ids.",
    ),
    Rule(
        "network-vpc-needed",
        on="vpc_id",
        check=implies(_given_vpc, var("vpc_id").given()),
        message="With create_vpc false, vpc_id must name the VPC to use.",
    ),
    Rule(
        "network-vpc-unused",
        on="vpc_id",
        check=implies(var("create_vpc").eq(True), var("vpc_id").missing()),
        message="A vpc_id is given, so create_vpc must be false; leave vpc_id out to create a VPC.",
    ),
    Rule(
        "network-further-cidrs-given-vpc",
        on="further_vpc_cidrs",
        check=either(_given_vpc, var("further_vpc_cidrs").length().eq(0)),
        message="A new VPC has no further blocks but those of its private subnets: further_vpc_cidrs must be left out.",
    ),
    Rule(
        "network-internet-gateway-needed",
        on="internet_gateway_id",
        check=implies(both(_given_vpc, _public), var("internet_gateway_id").given()),
        message="Public subnets in a given VPC need internet_gateway_id; or set public_subnets to false.",
    ),
    Rule(
        "network-internet-gateway-unused",
        on="internet_gateway_id",
        check=implies(var("internet_gateway_id").given(), both(_given_vpc, _public)),
        message="An internet_gateway_id is for public subnets in a given VPC; leave it out here.",
    ),
    Rule(
        "network-vpc-too-small",
        on="vpc_cidr",
        check=implies(
            both(_public, negation(_public_cidrs.covers(_zones))),
            var("vpc_cidr").matches(".*/(?:1[6-9]|20)"),
        ),
        message="A VPC smaller than /20 has no room for the default public subnets; give public_subnet_cidrs for "
        "every zone, or a larger vpc_cidr.",
    ),
    Rule(
        "network-public-cidrs-given-vpc",
        on="public_subnet_cidrs",
        check=implies(both(_given_vpc, _public), _public_cidrs.covers(_zones)),
        message="In a given VPC public_subnet_cidrs must name a free block for every zone; or set public_subnets to "
        "false.",
    ),
    Rule(
        "network-public-cidrs-zones",
        on="public_subnet_cidrs",
        check=_zones.covers(_public_cidrs),
        message="A key of public_subnet_cidrs is not one of availability_zone_ids.",
        culprits=_public_cidrs.without(_zones),
    ),
    Rule(
        "network-private-cidrs-zones",
        on="private_subnet_cidrs",
        check=_zones.covers(var("private_subnet_cidrs").keys()),
        message="A key of private_subnet_cidrs is not one of availability_zone_ids.",
        culprits=var("private_subnet_cidrs").keys().without(_zones),
    ),
    Rule(
        "network-local-zone-private-cidr",
        on="private_subnet_cidrs",
        check=regular_or_named("private_subnet_cidrs"),
        message="A Local Zone has the number of another zone, so private_subnet_cidrs must name its block.",
    ),
    Rule(
        "network-local-zone-public-cidr",
        on="public_subnet_cidrs",
        check=implies(_public, regular_or_named("public_subnet_cidrs")),
        message="A Local Zone has the number of another zone, so public_subnet_cidrs must name its block.",
    ),
    Rule(
        "network-nat-needs-public",
        on="nat",
        check=implies(var("nat").one_of(["single", "per_az"]), _public),
        message="A new NAT gateway stands in a public subnet: set public_subnets to true, or nat to 'existing' or "
        "'none'.",
    ),
    Rule(
        "network-nat-given",
        on="nat_gateway_ids",
        check=implies(
            var("nat").eq("existing"),
            either(
                var("nat_gateway_ids").keys().covers(_zones),
                both(_primary.given(), _primary.within(var("nat_gateway_ids").keys())),
            ),
        ),
        message="With nat 'existing', nat_gateway_ids must name the primary zone's NAT gateway or every zone's.",
    ),
    Rule(
        "network-nat-unused",
        on="nat_gateway_ids",
        check=implies(var("nat").ne("existing"), var("nat_gateway_ids").length().eq(0)),
        message="The nat_gateway_ids are used with nat 'existing' only; leave them out here.",
    ),
    Rule(
        "network-nat-given-vpc",
        on="nat",
        check=implies(var("nat").eq("existing"), _given_vpc),
        message="No route leads to a NAT gateway of another VPC: with nat 'existing', create_vpc must be false; take "
        "'single' or 'per_az' for a new VPC.",
    ),
    Rule(
        "network-nat-zones",
        on="nat_gateway_ids",
        check=_zones.covers(var("nat_gateway_ids").keys()),
        message="A key of nat_gateway_ids is not one of availability_zone_ids.",
        culprits=var("nat_gateway_ids").keys().without(_zones),
    ),
    Rule(
        "network-nat-addresses",
        on="nat_allocation_ids",
        check=either(
            var("nat_allocation_ids").length().eq(0),
            both(var("nat").eq("per_az"), _zones.covers(var("nat_allocation_ids").keys())),
            both(
                var("nat").eq("single"),
                either(
                    both(_primary.given(), listed(_primary).covers(var("nat_allocation_ids").keys())),
                    both(_primary.missing(), _zones.covers(var("nat_allocation_ids").keys())),
                ),
            ),
        ),
        message="nat_allocation_ids must be of zones that have a NAT gateway made: the primary one with nat 'single', "
        "all of availability_zone_ids with 'per_az', none otherwise.",
    ),
    Rule(
        "network-private-routes",
        on="private_routes",
        check=var("private_routes").values().every("route", _TARGETS.eq(1)),
        message="Every route of private_routes must name one target: transit_gateway_id, vpc_peering_connection_id, "
        "vpn_gateway_id or network_interface_id.",
    ),
    Rule(
        "network-private-routes-apart",
        on="private_routes",
        check=both(
            var("private_routes").values().each("route", element("route").field("destination_cidr_block")).distinct(),
            negation(
                literal("0.0.0.0/0").within(
                    var("private_routes").values().each("route", element("route").field("destination_cidr_block"))
                )
            ),
        ),
        message="Every route of private_routes must be for other addresses, and none for 0.0.0.0/0: that is nat's.",
    ),
    Rule(
        "network-flow-log-bucket-needed",
        on="flow_log_bucket_arn",
        check=implies(var("flow_logs").eq("s3"), var("flow_log_bucket_arn").given()),
        message="With flow_logs 's3', flow_log_bucket_arn must name the bucket.",
    ),
    Rule(
        "network-flow-log-bucket-unused",
        on="flow_log_bucket_arn",
        check=implies(var("flow_log_bucket_arn").given(), var("flow_logs").eq("s3")),
        message="A flow_log_bucket_arn is used with flow_logs 's3' only; leave it out here.",
    ),
    key_in_region("network", "kms_key_arn"),
    tag_keys_distinct("network", _cloudwatch),
    *PYTHON_RULES,
)

CONTRACT = Contract(
    name="network",
    summary="A VPC with public and private subnets in one to five zones, NAT gateways, routes and flow logs.",
    inputs=NetworkInputs,
    outputs=NetworkOutputs,
    resources=RESOURCES,
    rules=RULES,
    derives=derived,
    given=(GIVEN_SUBNET,),
    provides=(Network(),),
    remedies=(
        # A NAT gateway is made first, so that routes move; one that was cut off holds the address of its successor.
        Remedy(
            "Resource.AlreadyAssociated",
            "if the creation of a NAT gateway was cut off and it is well by now, apply with --keep and its address",
        ),
    ),
    names={
        "flow_logs_role": Name("{name}-flow-logs-{region}", 64, "role that writes the flow logs", when=_cloudwatch),
        "flow_logs_group": Name("/aws/vpc/{name}/flow-logs", 512, "log group of the flow logs", when=_cloudwatch),
    },
    lookup=LOOKUP,
    replaces=("VPCStack", "PrivateSubnetStack", "PrivateSubnetTagsStack"),
    buys=buys,
)
