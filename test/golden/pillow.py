# Makes images.golden.json: pictures as files, and what Pillow makes of them.
import base64, io, json, sys
import numpy as np, PIL
from PIL import Image, ImageOps
rng = np.random.default_rng(7)
y, x = np.mgrid[0:19, 0:26]
rgb = np.stack([(x * 9 + y * 3) % 256, (y * 13) % 256, 128 + 100 * np.sin(x / 3.0)], 2).astype(np.uint8)
rgb[4:9, 5:11] = [250, 20, 30]
im = Image.fromarray(rgb)
alpha = np.dstack([rgb, ((x * 10) % 256).astype(np.uint8)])
rgba = Image.fromarray(alpha)
b64 = lambda b: base64.b64encode(b).decode()
files = {}
def put(name, image, fmt, convert='RGB', **kw):
    buf = io.BytesIO(); image.save(buf, fmt, **kw)
    back = ImageOps.exif_transpose(Image.open(io.BytesIO(buf.getvalue()))).convert(convert)
    files[name] = {'file': b64(buf.getvalue()), 'mode': convert, 'width': back.width, 'height': back.height, 'pixels': b64(back.tobytes())}
put('rgb.png', im, 'PNG'); put('grey.png', im.convert('L'), 'PNG', 'L'); put('palette.png', im.quantize(13), 'PNG')
put('rgba.png', rgba, 'PNG', 'RGBA'); put('greyalpha.png', rgba.convert('LA'), 'PNG', 'LA'); put('bit.png', im.convert('1'), 'PNG', 'L')
p = im.quantize(9); put('palette4.png', p, 'PNG', bits=4)
put('transparent.png', im.quantize(9), 'PNG', 'RGBA', transparency=2)
put('baseline.jpg', im, 'JPEG', quality=80); put('progressive.jpg', im, 'JPEG', quality=80, progressive=True); put('full.jpg', im, 'JPEG', quality=95, subsampling=0)
put('grey.jpg', im.convert('L'), 'JPEG', 'L')
for o in range(1, 9):
    ex = Image.Exif(); ex[0x112] = o; put(f'turned{o}.jpg', im, 'JPEG', quality=60, exif=ex)
ex = Image.Exif(); ex[0x112] = 6
put('turned.png', im, 'PNG', exif=ex); put('turned.webp', im, 'WEBP', exif=ex, quality=70)
put('lossy.webp', im, 'WEBP', quality=70); put('lossless.webp', im, 'WEBP', lossless=True); put('alpha.webp', rgba, 'WEBP', 'RGBA', lossless=True, exact=True)
put('frames.gif', im.quantize(30), 'GIF', save_all=True, append_images=[im.quantize(30).transpose(0)])
put('rgb.bmp', im, 'BMP'); put('palette.bmp', im.quantize(40), 'BMP'); put('bit.bmp', im.convert('1'), 'BMP', 'L'); put('grey.bmp', im.convert('L'), 'BMP', 'L')
deep = ((rgb.astype(np.uint16) * 257)[:, :, 0] + 77).astype(np.uint16)
buf = io.BytesIO(); Image.fromarray(deep).save(buf, 'PNG')
files['deep.png'] = {'file': b64(buf.getvalue()), 'mode': 'L', 'width': 26, 'height': 19, 'pixels': b64((deep >> 8).astype(np.uint8).tobytes())}
cmyk = io.BytesIO(); im.convert('CMYK').save(cmyk, 'JPEG')
an = io.BytesIO(); im.save(an, 'WEBP', save_all=True, append_images=[im.transpose(0)], duration=50)
refused = {'cmyk.jpg': b64(cmyk.getvalue()), 'animated.webp': b64(an.getvalue())}
R = Image.Resampling
F = {'lanczos': R.LANCZOS, 'area': R.BOX, 'bilinear': R.BILINEAR, 'bicubic': R.BICUBIC, 'nearest': R.NEAREST}
sizes = [(8, 8), (7, 19), (40, 11)]
resized = []
for mode, src in (('RGB', im), ('RGBA', rgba), ('L', im.convert('L'))):
    for name, f in F.items():
        for (w, h) in sizes if mode == 'RGB' else sizes[:2]:
            resized.append({'mode': mode, 'filter': name, 'how': 'fill', 'width': w, 'height': h, 'pixels': b64(src.resize((w, h), f).tobytes())})
for name in ('lanczos', 'area'):
    for (w, h) in [(8, 8), (9, 5), (17, 14)]:
        resized.append({'mode': 'RGB', 'filter': name, 'how': 'cover', 'width': w, 'height': h, 'pixels': b64(ImageOps.fit(im, (w, h), F[name]).tobytes())})
        resized.append({'mode': 'RGB', 'filter': name, 'how': 'contain', 'width': w, 'height': h, 'pixels': b64(ImageOps.pad(im, (w, h), F[name], color=(255, 255, 255)).tobytes())})
json.dump({'made': f'Pillow {PIL.__version__}', 'rgb': b64(im.tobytes()), 'rgba': b64(rgba.tobytes()), 'grey': b64(im.convert("L").tobytes()), 'width': 26, 'height': 19, 'files': files, 'refused': refused, 'resized': resized}, open(sys.argv[1], 'w'))
