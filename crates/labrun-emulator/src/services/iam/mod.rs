//! AWS IAM: roles with trust policy, inline, managed and attached policies, and tags; and the AWS-managed policies that labs meet.
//!
//! Policies are checked for their grammar, stored and returned; nothing evaluates them yet. Users, groups, instance profiles,
//! permissions boundaries, service-linked roles and further versions of a policy are refused by name.

mod attachment;
mod document;
mod error;
mod inline;
mod managed;
mod paging;
mod policy;
mod role;
mod tag;
mod version;

use crate::registry::Service;

pub(super) fn service() -> Service {
    Service::new("iam")
        .op("CreateRole", role::create)
        .read("GetRole", role::get)
        .read("ListRoles", role::list)
        .op("UpdateRole", role::update)
        .op("UpdateRoleDescription", role::update_description)
        .op("UpdateAssumeRolePolicy", role::update_trust)
        .op("DeleteRole", role::delete)
        .op("PutRolePolicy", inline::put)
        .read("GetRolePolicy", inline::get)
        .read("ListRolePolicies", inline::list)
        .op("DeleteRolePolicy", inline::delete)
        .op("CreatePolicy", policy::create)
        .read("GetPolicy", policy::get)
        .read("ListPolicies", policy::list)
        .op("DeletePolicy", policy::delete)
        .read("GetPolicyVersion", version::get)
        .read("ListPolicyVersions", version::list)
        .op("AttachRolePolicy", attachment::attach)
        .op("DetachRolePolicy", attachment::detach)
        .read("ListAttachedRolePolicies", attachment::of_role)
        .read("ListEntitiesForPolicy", attachment::of_policy)
        .op("TagRole", tag::tag)
        .op("UntagRole", tag::untag)
        .read("ListRoleTags", tag::list)
        .echoed(&[
            "CreateRole.Description",
            "CreatePolicy.Description",
            "UpdateRole.Description",
            "UpdateRoleDescription.Description",
        ])
}
