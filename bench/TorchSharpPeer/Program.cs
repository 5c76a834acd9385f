using TorchSharp;

var x = torch.arange(4f, requires_grad: true);
(2 * torch.dot(x, x)).backward();
Console.WriteLine(string.Join(" ", x.grad!.data<float>().ToArray()));
return 0;
