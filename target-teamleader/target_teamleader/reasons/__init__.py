"""Why a payment is not registered: stable codes, and what a person does about each."""
