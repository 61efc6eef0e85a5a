"""Auto Scaling: policies, of which moto does not say that they are enabled."""

from abalone.rehearsal.shim.records import Document, Records, arn, new_id


class AutoScaling:
    """Policies; the groups are moto's."""

    def __init__(self) -> None:
        self._policies = Records(missing="ValidationError")

    def put_scaling_policy(self, request: Document) -> Document:
        """Keep a policy, or put another in its place."""
        key = f"{request['AutoScalingGroupName']}/{request['PolicyName']}"
        identifier = arn("autoscaling", f"scalingPolicy:{new_id()}:autoScalingGroupName/{key}")
        self._policies[key] = {"Enabled": True, "PolicyARN": identifier, "Alarms": [], **request}
        return {"PolicyARN": identifier, "Alarms": []}

    def describe_policies(self, request: Document) -> Document:
        """Return the policies of a group, or those of certain names."""
        group, names = request.get("AutoScalingGroupName"), request.get("PolicyNames")
        return {
            "ScalingPolicies": [
                policy
                for policy in self._policies.values()
                if group in (None, policy["AutoScalingGroupName"]) and (not names or policy["PolicyName"] in names)
            ]
        }

    def delete_policy(self, request: Document) -> Document:
        """Forget a policy."""
        key = f"{request['AutoScalingGroupName']}/{request['PolicyName']}"
        self._policies.find(key)
        del self._policies[key]
        return {}
