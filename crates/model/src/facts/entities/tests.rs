use crate::facts::Facts;
