mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name    = "abalone-dev"
  key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
}

run "images_are_scanned_encrypted_and_never_replaced" {
  command = plan

  module {
    source = "./modules/ecr"
  }

  assert {
    condition = (
      toset([for repository in aws_ecr_repository.this : repository.name]) ==
      toset(["abalone-dev-job", "abalone-dev-serving"])
    )
    error_message = "The repositories have other names than the rest of the stack expects."
  }

  assert {
    condition = alltrue([
      for repository in aws_ecr_repository.this :
      repository.image_tag_mutability == "IMMUTABLE" &&
      repository.image_scanning_configuration[0].scan_on_push &&
      repository.encryption_configuration[0].encryption_type == "KMS" &&
      repository.encryption_configuration[0].kms_key == var.key_arn &&
      !repository.force_delete
    ])
    error_message = "A repository is not scanned, not encrypted with the key, or its images can be replaced."
  }

  assert {
    condition = alltrue([
      for lifecycle in aws_ecr_lifecycle_policy.this :
      [for rule in jsondecode(lifecycle.policy).rules : rule.selection.countNumber] == [7, 50]
    ])
    error_message = "Old images stay for ever, or go too early."
  }
}

run "so_few_images_that_the_one_in_service_could_go_are_refused" {
  command = plan

  module {
    source = "./modules/ecr"
  }

  variables {
    kept_images = 1
  }

  expect_failures = [var.kept_images]
}
