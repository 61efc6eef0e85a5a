resource "aws_ssm_parameter" "this" {
  for_each = var.parameters

  name           = "${var.prefix}/${each.key}"
  type           = "String"
  insecure_value = each.value
}
