using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Scoring.Managed;

/// <summary>Which width of registers the processor has.</summary>
internal static class ProcessorLanes
{
    /// <summary>Values of the widest register with fused multiply-adds; 0 where there is none, and then another engine is faster.</summary>
    public static int Widest => Lanes512.IsSupported ? Lanes512.Count : Lanes256.IsSupported ? Lanes256.Count : Lanes128.IsSupported ? Lanes128.Count : 0;

    /// <summary>A planner for a width.</summary>
    /// <param name="options">Their <see cref="ManagedOptions.Lanes"/>: 16, 8 or 4; 0 for the widest, or 4 where none is fast.</param>
    /// <param name="form">The network.</param>
    public static Planner Planner(ManagedOptions options, InferenceForm form) => (options.Lanes == 0 ? Widest : options.Lanes) switch
    {
        16 => Managed.Planner.For<Lanes512>(form, options),
        8 => Managed.Planner.For<Lanes256>(form, options),
        _ => Managed.Planner.For<Lanes128>(form, options),
    };
}
