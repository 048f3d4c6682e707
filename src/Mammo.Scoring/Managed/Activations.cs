using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>Activation functions that stand at few places of a network, in float64 and rounded once.</summary>
internal static class Activations
{
    // Keras's constants (Klambauer et al., arXiv:1706.02515).
    private const double SeluAlpha = 1.6732632423543772;
    private const double SeluScale = 1.0507009873554805;

    /// <summary>Applies an activation to the channels of a pixel.</summary>
    public static void Apply(Activation activation, Span<float> values)
    {
        if (activation == Activation.Softmax)
        {
            Softmax(values);
            return;
        }

        foreach (ref var value in values)
            value = (float)Of(activation, value);
    }

    /// <summary>The function of one value.</summary>
    private static double Of(Activation activation, double x) => activation switch
    {
        Activation.Linear => x,
        Activation.Relu => x < 0 ? 0 : x,
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Elu => x > 0 ? x : ExpMinusOne(x),
        Activation.Selu => SeluScale * (x > 0 ? x : SeluAlpha * ExpMinusOne(x)),
        Activation.Softplus => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))),
        Activation.Softsign => x / (1 + Math.Abs(x)),
        Activation.HardSigmoid => Math.Clamp((0.2 * x) + 0.5, 0, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    private static void Softmax(Span<float> values)
    {
        var greatest = double.NegativeInfinity;
        foreach (var value in values)
            greatest = Math.Max(greatest, value);
        var sum = 0.0;
        foreach (var value in values)
            sum += Math.Exp(value - greatest);
        foreach (ref var value in values)
            value = (float)(Math.Exp(value - greatest) / sum);
    }

    // Near 0 the difference loses digits; two terms of the series are exact there to float64.
    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static double LogOnePlus(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);
}
