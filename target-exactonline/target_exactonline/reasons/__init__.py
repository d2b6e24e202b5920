"""Why something is not done: the catalogue of codes with what to do, and which of them a text of Exact stands for."""

from target_exactonline.reasons.catalogue import CATALOGUE
from target_exactonline.reasons.refusals import closed_period, explain
from target_exactonline.reasons.rejection import FieldDifference, Rejected, Rejection, refuse

__all__ = ["CATALOGUE", "FieldDifference", "Rejected", "Rejection", "closed_period", "explain", "refuse"]
