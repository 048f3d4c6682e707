using System.Runtime.CompilerServices;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>What a check knows of a convolution by Winograd's method.</summary>
internal interface IWinogradStep
{
    /// <summary>The layer that has the weights.</summary>
    string Layer { get; }

    /// <summary>Rows and columns of a tile of outputs: 4 or 2.</summary>
    int Tile { get; }

    /// <summary>Its window.</summary>
    Window Window { get; }

    /// <summary>The map that is added; null for none.</summary>
    FeatureMap? Added { get; }

    /// <summary>max(x, 0) at the end.</summary>
    bool IsRelu { get; }

    /// <summary>Maximum of 2 × 2 after that.</summary>
    bool IsPooled { get; }
}

/// <summary>
/// Computes some outputs of a convolution in float64 from the map that it reads and compares them with what Winograd's method gave: its rounding error is
/// bounded by values in between that may be much larger than the outputs (Barabasz et al., arXiv:1803.10986), so it depends on weights and images.
/// </summary>
internal sealed unsafe class WinogradCheck
{
    private const int Pixels = 32;
    private const int Channels = 8;

    // Multipliers that spread samples over a map (Knuth's, 2^32 / golden ratio, and a prime).
    private const long PixelSpread = 2654435761;
    private const long ChannelSpread = 7919;

    private readonly Step _step;
    private readonly IWinogradStep _winograd;
    private readonly float[] _kernel;
    private readonly float[]? _bias;
    private readonly List<(long Pixel, int Channel, double Expected)> _samples = [];

    /// <summary>Computes the samples, before the step runs: what is added may lie where the output is written.</summary>
    /// <param name="step">The convolution.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="pass">The run of one image.</param>
    public WinogradCheck(Step step, IReadOnlyDictionary<string, Weight> weights, Pass pass)
    {
        (_step, _winograd) = (step, (IWinogradStep)step);
        (_kernel, _bias) = (weights[$"{_winograd.Layer}/kernel"].Values, weights.GetValueOrDefault($"{_winograd.Layer}/bias")?.Values);
        for (var sample = 0; sample < Pixels; sample++)
        {
            var pixel = sample * PixelSpread % step.Output.Pixels;
            for (var part = 0; part < Channels; part++)
            {
                var channel = (int)(((sample * Channels) + part) * ChannelSpread % step.Output.Channels);
                _samples.Add((pixel, channel, Expected(pass.Memory, pixel, channel)));
            }
        }
    }

    /// <summary>The greatest difference, after the step has run, in parts of the outputs' root mean square; 0 where they are all 0.</summary>
    public double Error(Pass pass)
    {
        var output = _step.Output.At(pass.Memory);
        var rms = Math.Sqrt(_samples.Average(sample => sample.Expected * sample.Expected));
        var greatest = _samples.Max(sample => Math.Abs(output[(sample.Pixel * _step.Output.Stride) + sample.Channel] - sample.Expected));
        return rms == 0 ? 0 : greatest / rms;
    }

    private double Expected(float* memory, long pixel, int channel)
    {
        var (row, column) = ((int)(pixel / _step.Output.Columns), (int)(pixel % _step.Output.Columns));
        var value = _winograd.IsPooled
            ? Math.Max(
                Math.Max(Sum(memory, 2 * row, 2 * column, channel), Sum(memory, 2 * row, (2 * column) + 1, channel)),
                Math.Max(Sum(memory, (2 * row) + 1, 2 * column, channel), Sum(memory, (2 * row) + 1, (2 * column) + 1, channel)))
            : Sum(memory, row, column, channel);
        if (_winograd.Added is { } added)
            value += added.At(memory)[(pixel * added.Stride) + channel];
        return _winograd.IsRelu ? Math.Max(value, 0) : value;
    }

    /// <summary>Σ kernel · input + bias at one place of one image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum(float* memory, int row, int column, int output)
    {
        var input = _step.Inputs[0];
        var sum = (double)(_bias?[output] ?? 0);
        for (var tap = 0; tap < 9; tap++)
        {
            var (y, x) = (row - _winograd.Window.Top + (tap / 3), column - _winograd.Window.Left + (tap % 3));
            if (y < 0 || x < 0 || y >= input.Rows || x >= input.Columns)
                continue;
            var values = input.At(memory) + ((((long)y * input.Columns) + x) * input.Stride);
            for (var channel = 0; channel < input.Channels; channel++)
                sum += (double)_kernel[(((output * input.Channels) + channel) * 9) + tap] * values[channel];
        }

        return sum;
    }
}
