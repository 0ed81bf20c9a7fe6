"""扫码强制报告: registered departments report by the code on their wall, without an account and under protection."""
