namespace Mammo.Evaluation.Numerics;

/// <summary>Linear equations of a symmetric, positive matrix by Cholesky's method.</summary>
internal static class Cholesky
{
    /// <summary>Solves the equations; false when the matrix is singular: the curvature of a maximum is positive.</summary>
    /// <param name="matrix">Symmetric; at least as large as the solution.</param>
    /// <param name="right">The right side.</param>
    /// <param name="solution">Its place.</param>
    public static bool Solve(double[,] matrix, double[] right, double[] solution)
    {
        var size = solution.Length;
        var root = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[row, column];
                for (var k = 0; k < column; k++)
                    sum -= root[row, k] * root[column, k];
                if (row != column)
                {
                    root[row, column] = sum / root[column, column];
                    continue;
                }

                if (!(sum > matrix[row, row] * 1e-13))
                    return false;
                root[row, row] = Math.Sqrt(sum);
            }
        }

        for (var row = 0; row < size; row++)
        {
            var sum = right[row];
            for (var k = 0; k < row; k++)
                sum -= root[row, k] * solution[k];
            solution[row] = sum / root[row, row];
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var sum = solution[row];
            for (var k = row + 1; k < size; k++)
                sum -= root[k, row] * solution[k];
            solution[row] = sum / root[row, row];
        }

        return true;
    }
}
