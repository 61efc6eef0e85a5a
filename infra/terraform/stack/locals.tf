# Names that more than one module has to know. Where two modules name each other's resources, the ARN is written here.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  name             = "abalone-${var.environment}"
  parameter_prefix = "/abalone/${var.environment}"

  delivery = "${path.module}/../../../delivery"
  build    = "${path.module}/../../../build"

  region  = data.aws_region.current.name
  account = "${local.region}:${data.aws_caller_identity.current.account_id}"
  aws     = "arn:${data.aws_partition.current.partition}"

  pipeline_name         = local.name
  pipeline_arn          = "${local.aws}:codepipeline:${local.account}:${local.pipeline_name}"
  etl_state_machine_arn = "${local.aws}:states:${local.account}:stateMachine:${local.name}-etl"

  on_codecommit = var.source_code.type == "codecommit"
  source_code = {
    type           = var.source_code.type
    branch         = var.source_code.branch
    repository     = local.on_codecommit ? module.codecommit[0].repository_name : var.source_code.repository
    repository_arn = local.on_codecommit ? module.codecommit[0].repository_arn : null
    connection_arn = local.on_codecommit ? null : module.codeconnections[0].connection_arn
  }
}
