{
    "name": "Observe everywhere",
    "summary": "For scripts/native.sh: policies made in tests only observe",
    "version": "19.0.1.0.0",
    "author": "Credit Collection contributors",
    "license": "LGPL-3",
    "depends": ["credit_collection"],
    "installable": False,
}
