# Makes pyarrow.golden.json: Parquet files that pyarrow wrote, one as Hugging Face's datasets lays pictures out.
import pyarrow as pa, pyarrow.parquet as pq, io, base64, json, datetime
from PIL import Image
def png(v):
    b=io.BytesIO(); Image.new('RGB',(4,4),(v,v,v)).save(b,'PNG'); return b.getvalue()
out={'pyarrow':pa.__version__}
t=pa.table({'n':pa.array([1.5,None,-3.0]),'i':pa.array([1,2,3],pa.int64()),'big':pa.array([2**60,2**60+1,None],pa.int64()),'flag':pa.array([True,None,False]),'day':pa.array([datetime.date(2024,2,29),None,datetime.date(1969,12,31)]),'at':pa.array([datetime.datetime(2024,1,1,12,30)]*3,pa.timestamp('us')),'word':pa.array(['a','ü',None]),'list':pa.array([[1],[2],[3]]),'dict':pa.array(['x','y','x']).dictionary_encode()})
for c in ('snappy','zstd','gzip','brotli','none'):
    b=io.BytesIO(); pq.write_table(t,b,compression=c); out[c]=base64.b64encode(b.getvalue()).decode()
hf={'info':{'features':{'image':{'_type':'Image'},'label':{'names':['cat','dog'],'_type':'ClassLabel'}}}}
imgs=[{'bytes':png(i*20),'path':f'p{i}.png'} for i in range(11)]
imgs[4]={'bytes':b'no picture','path':'p4.png'}
t=pa.table({'image':pa.array(imgs,pa.struct([('bytes',pa.binary()),('path',pa.string())])),'label':pa.array([i%2 for i in range(10)]+[-1],pa.int64())}).replace_schema_metadata({'huggingface':json.dumps(hf)})
b=io.BytesIO(); pq.write_table(t,b,row_group_size=3); out['pictures']=base64.b64encode(b.getvalue()).decode()
t=pa.table({'img':pa.array([png(10),png(20),None],pa.binary()),'kind':pa.array(['b','a','a'])})
b=io.BytesIO(); pq.write_table(t,b); out['bare']=base64.b64encode(b.getvalue()).decode()
print(json.dumps(out))
