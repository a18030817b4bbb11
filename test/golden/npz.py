import numpy as np, io, base64, json
a={'w':np.arange(6,dtype='<f4').reshape(2,3),'b/é':np.array([True,False]),'big':np.arange(4,dtype='>i8'),'f':np.asfortranarray(np.arange(6.).reshape(2,3)),'scalar':np.float64(2.5)}
o={}
for k,fn in (('stored',np.savez),('packed',np.savez_compressed)):
    b=io.BytesIO(); fn(b,**a); o[k]=base64.b64encode(b.getvalue()).decode()
b=io.BytesIO(); np.savez(b,h=np.zeros(3,'f2')); o['half']=base64.b64encode(b.getvalue()).decode()
print(json.dumps({'numpy':np.__version__,**o}))
