// Reads arrays that NumPy saved and fits a curve to them:
//
//     numpy.savez_compressed("boxbod.npz", x=..., y=...)
//
// The data are BoxBOD of NIST's Statistical Reference Datasets (https://www.itl.nist.gov/div898/strd): y = b1 (1 - exp(-b2 x)). The result is
// compared with the certified values; exit code 1 if it differs.
using Adjoint;
using static Adjoint.Transform;

var data = Npz.Load(Path.Combine(AppContext.BaseDirectory, "data", "boxbod.npz"));
foreach (var (name, array) in data)
{
    Console.WriteLine($"{name}: {array.DType} {array.Shape}");
}

var (x, y) = (data["x"].To(DType.Float64), data["y"]);
Tensor Residuals(Tensor b) => (b[0] * (1 - (-b[1] * x).Exp())) - y;

// The method of Levenberg and Marquardt, with the exact Jacobian.
var b = Tensor.FromArray([100.0, 0.75]);
var damping = 1e-3;
for (var step = 0; step < 50; step++)
{
    var (r, j) = (Residuals(b), JacFwd(Residuals)(b));
    var normal = j.T.MatMul(j);
    var next = b - Linalg.Solve(normal + (damping * normal.Diagonal().Diag()), j.T.MatMul(r));
    var isLower = Residuals(next).Square().Sum().Item() < r.Square().Sum().Item();
    (b, damping) = isLower ? (next, damping / 10) : (b, damping * 10);
}

var sum = Residuals(b).Square().Sum().Item();
Console.WriteLine($"y = {b[0].Item():F6} (1 - exp(-{b[1].Item():F9} x)), sum of squares {sum:F6}");

// What was found goes back to NumPy.
var result = Path.Combine(Path.GetTempPath(), $"boxbod-fit-{Environment.ProcessId}.npz");
Npz.Save(result, [new("b", b), new("fitted", Residuals(b) + y)]);
var isSaved = Npz.Load(result)["b"].Equal(b);
File.Delete(result);

var isRight = isSaved && Near(213.80940889, b[0].Item()) && Near(0.54723748542, b[1].Item()) && Near(1168.0088766, sum);
Console.WriteLine(isRight ? "as certified" : "NOT as certified: 213.80940889, 0.54723748542, 1168.0088766");
return isRight ? 0 : 1;

static bool Near(double certified, double found) => Math.Abs(found - certified) <= 1e-8 * certified;
