setup: ; @scripts/setup.sh
