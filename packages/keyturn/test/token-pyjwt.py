"""Signs and verifies with PyJWT. One JSON document a line: claims, alg, secret in hex, kid, token; an answer for each."""

import json
import sys

import jwt


def answer(case):
    key = bytes.fromhex(case["secret"])
    if case.get("text"):
        key = key.decode("utf-8")
    if "token" not in case:
        headers = {"kid": case["kid"]} if "kid" in case else None
        token = jwt.encode(case["claims"], key, algorithm=case["alg"], headers=headers)
        return {"token": token}
    # A token with aud is refused unless the application names one of them.
    audience = case["claims"].get("aud") or None
    payload = jwt.decode(case["token"], key, algorithms=[case["alg"]], audience=audience)
    return {"claims": payload, "kid": jwt.get_unverified_header(case["token"]).get("kid")}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = {"error": repr(error)}
    print(json.dumps(reply), flush=True)
