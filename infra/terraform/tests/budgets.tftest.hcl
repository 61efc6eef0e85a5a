mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name              = "abalone-dev"
  monthly_limit_usd = 50
  alert_emails      = ["team@example.org"]
  topic_arn         = "arn:aws:sns:eu-west-1:123456789012:abalone-dev-alerts"
}

run "somebody_is_told_before_the_limit_is_reached" {
  command = plan

  module {
    source = "./modules/budgets"
  }

  assert {
    condition     = aws_budgets_budget.this.limit_amount == "50" && aws_budgets_budget.this.time_unit == "MONTHLY"
    error_message = "The budget is not 50 US dollars a month."
  }

  assert {
    condition = {
      for alert in aws_budgets_budget.this.notification : alert.notification_type => alert.threshold
    } == { ACTUAL = 80, FORECASTED = 100 }
    error_message = "The budget tells too late."
  }

  assert {
    condition = alltrue([
      for notification in aws_budgets_budget.this.notification :
      notification.subscriber_sns_topic_arns == toset([var.topic_arn]) &&
      notification.subscriber_email_addresses == toset(["team@example.org"])
    ])
    error_message = "The budget tells nobody."
  }
}

run "budgets_of_nothing_and_for_nobody_are_refused" {
  command = plan

  module {
    source = "./modules/budgets"
  }

  variables {
    monthly_limit_usd = 0
    alert_emails      = ["team at example.org"]
  }

  expect_failures = [var.monthly_limit_usd, var.alert_emails]
}
