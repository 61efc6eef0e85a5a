locals {
  from_codecommit = var.source_code.type == "codecommit"

  source_action = {
    name          = "Source"
    category      = "Source"
    provider      = local.from_codecommit ? "CodeCommit" : "CodeStarSourceConnection"
    namespace     = "Source"
    outputs       = ["Source"]
    configuration = merge({ BranchName = var.source_code.branch }, local.source_configuration)
  }

  # EventBridge tells of a commit in CodeCommit; a connection has a webhook of its own.
  source_configuration = local.from_codecommit ? {
    RepositoryName       = var.source_code.repository
    PollForSourceChanges = "false"
    } : {
    ConnectionArn    = var.source_code.connection_arn
    FullRepositoryId = var.source_code.repository
    DetectChanges    = "true"
  }
}
