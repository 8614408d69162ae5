DROP TABLE holder_group_members;
DROP TABLE holder_groups;
