"""The page of a form."""

from fastapi import APIRouter

router = APIRouter()
