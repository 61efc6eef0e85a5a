"""EC2: launch templates whose instances do not inherit the template's own tags, as they do in moto."""

from moto.ec2.models import ec2_backends
from moto.ec2.utils import parse_user_data

from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.shim.records import Document


class EC2:
    """What moto's EC2 does otherwise than AWS."""

    def create_launch_template(self, request: Document) -> Document:
        """Keep a launch template, in moto."""
        data = {
            **request["LaunchTemplateData"],
            "UserData": parse_user_data(request["LaunchTemplateData"].get("UserData")),
        }
        tags = {
            specification["ResourceType"]: {tag["Key"]: tag["Value"] for tag in specification["Tags"]}
            for specification in request.get("TagSpecifications", [])
        }
        template = ec2_backends[ACCOUNT][REGION].create_launch_template(
            request["LaunchTemplateName"], request.get("VersionDescription", ""), data, tags
        )
        return {
            "LaunchTemplate": {
                "LaunchTemplateId": template.id,
                "LaunchTemplateName": template.name,
                "CreateTime": template.create_time,
                "DefaultVersionNumber": 1,
                "LatestVersionNumber": 1,
                "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in template.tags],
            }
        }
