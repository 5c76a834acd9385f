using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Factorisations, systems of equations, inverses and determinants.</summary>
internal static class LinearAlgebra
{
    public static void Add(OperatorTable table)
    {
        AddFactors(table);
        AddSystems(table);
        table["linalg.inv"] = c => Linalg.Inv(c.X);
        table["linalg.inv_ex"] = c => Linalg.InvEx(c.X, c.Flag(0, "check_errors"));
        table["linalg.det"] = c => Linalg.Det(c.X);
        table["linalg.det:singular"] = c => Linalg.Det(c.X);
        table["linalg.slogdet"] = c => Linalg.SlogDet(c.X);
        table["logdet"] = c => c.X.LogDet();
        table["linalg.matrix_power"] = c => Linalg.MatrixPower(c.X, c.Int(0, "n"));
        table["linalg.multi_dot"] = c => Linalg.MultiDot(c.List);
        table["linalg.vander"] = c => Linalg.Vander(c.X, c.IntOrNull(-1, "N"));
        table["linalg.tensorinv"] = c => Linalg.TensorInv(c.X, c.Int(0, "ind", 2));
    }

    private static void AddFactors(OperatorTable table)
    {
        table["cholesky"] = c => c.X.Cholesky(c.Flag(0, "upper"));
        table["linalg.cholesky"] = c => Linalg.Cholesky(c.X, c.Flag(-1, "upper"));
        table["linalg.cholesky_ex"] = c => Linalg.CholeskyEx(c.X, c.Flag(-1, "upper"), c.Flag(-1, "check_errors"));
        table["cholesky_inverse"] = c => c.X.CholeskyInverse(c.Flag(0, "upper"));
        table["cholesky_solve"] = c => c.X.CholeskySolve(c.Tensor(0, "input2"), c.Flag(1, "upper"));
        table["qr"] = c => c.X.Qr(c.Flag(0, "some", true));
        table["linalg.qr"] = c => Linalg.Qr(c.X);
        table["geqrf"] = c => c.X.Geqrf();
        table["ormqr"] = c => c.X.Ormqr(c.Tensor(0, "tau"), c.Tensor(1, "other"), c.Flag(2, "left", true), c.Flag(3, "transpose"));
        table["linalg.householder_product"] = c => Linalg.HouseholderProduct(c.X, c.Tensor(0, "tau"));
        table["linalg.lu"] = c => Unpacked(Linalg.Lu(c.X, c.Flag(0, "pivot", true)));
        table["linalg.lu_factor"] = c => Linalg.LuFactor(c.X, c.Flag(0, "pivot", true));
        table["linalg.lu_factor_ex"] = c => Linalg.LuFactorEx(c.X, c.Flag(0, "pivot", true), c.Flag(1, "check_errors"));
        table["lu"] = c => Packed(Linalg.LuFactorEx(c.X, c.Flag(0, "pivot", true)), c.Flag(1, "get_infos"));
        table["lu_unpack"] = c => Unpacked(Tensor.LuUnpack(
            c.X, c.Tensor(0, "LU_pivots"), c.Flag(1, "unpack_data", true), c.Flag(2, "unpack_pivots", true)));
        table["linalg.ldl_factor"] = c => Linalg.LdlFactor(c.X, c.Flag(-1, "hermitian"));
        table["linalg.ldl_factor_ex"] = c => Linalg.LdlFactorEx(c.X, c.Flag(-1, "hermitian"), c.Flag(-1, "check_errors"));
    }

    private static void AddSystems(OperatorTable table)
    {
        table["linalg.solve"] = c => Linalg.Solve(c.X, c.Tensor(0, "B"), c.Flag(-1, "left", true));
        table["linalg.solve_ex"] = c => Linalg.SolveEx(c.X, c.Tensor(0, "B"), c.Flag(-1, "left", true), c.Flag(-1, "check_errors"));
        table["linalg.solve_triangular"] = c => Linalg.SolveTriangular(
            c.X, c.Tensor(0, "B"), c.Flag(-1, "upper"), c.Flag(-1, "left", true), c.Flag(-1, "unitriangular"));
        table["triangular_solve"] = c => c.X.TriangularSolve(
            c.Tensor(0, "A"), c.Flag(1, "upper", true), c.Flag(2, "transpose"), c.Flag(3, "unitriangular"));
        table["lu_solve"] = c => c.X.LuSolve(c.Tensor(0, "LU_data"), c.Tensor(1, "LU_pivots"));
        table["linalg.lu_solve"] = c => Linalg.LuSolve(
            c.X, c.Tensor(0, "pivots"), c.Tensor(1, "B"), c.Flag(-1, "left", true), c.Flag(-1, "adjoint"));
        table["linalg.ldl_solve"] = c => Linalg.LdlSolve(c.X, c.Tensor(0, "pivots"), c.Tensor(1, "B"), c.Flag(-1, "hermitian"));
        table["linalg.lstsq"] = c => Best(c) is var best ? new[] { best.Solution, best.Residuals, best.Rank, best.SingularValues } : [];
        table["linalg.lstsq:grad_oriented"] = c => Best(c).Solution;
        table["linalg.tensorsolve"] = c => Linalg.TensorSolve(c.X, c.Tensor(0, "B"), c.Ints(1, "dims"));
    }

    private static LstSqResult Best(Call c) => Linalg.LstSq(c.X, c.Tensor(0, "b"), driver: c.Text(-1, "driver"));

    private static Outputs Packed((Tensor LU, Tensor Pivots, Tensor Info) factors, bool getInfos) =>
        getInfos ? factors : (factors.LU, factors.Pivots);

    /// <summary>The database keeps what has a gradient: P has none.</summary>
    private static Outputs Unpacked((Tensor P, Tensor L, Tensor U) parts) => (parts.L, parts.U);
}
