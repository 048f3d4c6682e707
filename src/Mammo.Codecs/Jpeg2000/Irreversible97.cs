using System.Numerics;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// The irreversible 9/7 transform (T.800, F.3.8.2) in single precision. Its scaling by K is in the step sizes of the subbands (<see cref="Gain"/>),
/// where it is done in double precision and only once.
/// </summary>
internal unsafe struct Irreversible97 : ILifting<float>
{
    // T.800, table F.4.
    private const double Alpha = -1.586134342059924;
    private const double Beta = -0.052980118572961;
    private const double Gamma = 0.882911075530934;
    private const double Delta = 0.443506852043971;
    private const double K = 1.230174104914001;

    public static int Steps => 4;

    /// <summary>
    /// What a subband's coefficients are multiplied by instead of scaling in each level: low-pass filtering is K, high-pass 1/K, in each direction,
    /// and the low-pass result of a level goes through those above as LL.
    /// </summary>
    /// <param name="orientation">Which way the subband was filtered.</param>
    /// <param name="level">After how many decompositions.</param>
    public static double Gain(Orientation orientation, int level) => orientation switch
    {
        Orientation.LL => Math.Pow(K, 2 * level),
        Orientation.HH => Math.Pow(K, 2 * (level - 1) - 2),
        _ => Math.Pow(K, 2 * (level - 1)),
    };

    // The standard scales no single sample, but halves a high-pass one; so the gain is taken back.
    public static float Single(float value, bool isHigh) => (float)(value * (isHigh ? K / 2 : 1 / K));

    public static void Lift(int step, float* target, float* left, float* right, int count)
    {
        var factor = (float)(step switch { 0 => Delta, 1 => Gamma, 2 => Beta, _ => Alpha });
        var i = 0;
        for (var factors = new Vector<float>(factor); i <= count - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(target + i) - factors * (Vector.Load(left + i) + Vector.Load(right + i))).Store(target + i);
        for (; i < count; i++)
            target[i] -= factor * (left[i] + right[i]);
    }
}
