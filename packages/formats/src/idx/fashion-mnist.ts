/** Classes of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), by label. */
export const FASHION_MNIST_CLASSES = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;
