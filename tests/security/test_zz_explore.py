import re, itertools
from urllib.parse import quote
from starlette.routing import Route
from tests.security.test_matrix import routes
from tests.security.world import build_world, fill
from tests.people import *
ODD = ["", "-1","0","1","99999999999999","9223372036854775808","9"*5000,"%00","a%00b","%ff","%ed%a0%80","²","٣","1.1","9999999999.9999999999","99999999999999999999.99999999999999999999","nan.1","1e400.1","-99999999999.1","2026-01-01.99999999999999999999","0001-01-01.1","0000","'\"--","%0d%0aX:y","../../etc/passwd","z"*3000,"%","%zz","1700000000000000.1","99999999999999999.1"]
NAMES = ["desde","responder","antes","version","capitulo","dependencia","estado","borrador","aviso","radicado","idioma","next"]
async def test_explore(web, town):
    world = await build_world(town)
    bad=[]; n=0
    visitors=[await web.visit(a) for a in (None, town.ana, town.carmen, town.diego, town.alma)]
    filled={}
    for r in routes(web.app):
        if not isinstance(r, Route) or "GET" not in r.methods: continue
        path=await fill(world, r.path)
        for v in visitors[:1]+visitors[3:4]:
            for odd in ODD:
                p2=re.sub(r"\{[^}]+\}", lambda m: odd, r.path)
                if p2!=r.path:
                    try: a=await v.get(p2)
                    except Exception as e: bad.append((p2[:80],"EXC",repr(e)[:100])); continue
                    n+=1
                    if a.status_code>=500: bad.append((p2[:80],a.status_code))
        q=odd
        for odd in ODD:
            for orden in ("","recientes","apoyados"):
                v=visitors[3]
                a=await v.get(path+f"?orden={orden}&desde={odd}"); n+=1
                if a.status_code>=500: bad.append((path,orden,"desde",odd[:50],a.status_code))
            for name in NAMES[1:]:
                if name in ("borrador","aviso","radicado","idioma","next") and path not in ("/","/ingresar",f"/hilos/{town.topic.thread_id}","/mi-participacion"): continue
                a=await visitors[3].get(path+f"?{name}={odd}"); n+=1
                if a.status_code>=500: bad.append((path,name,odd[:50],a.status_code))
    print(n); 
    for b in bad: print(b)
