"""Rendición de cuentas: sessions with questions asked beforehand, and what the plan achieved."""
