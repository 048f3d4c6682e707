using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch.Training;

/// <summary>One stretch of training with one optimiser, whose state starts empty.</summary>
/// <param name="Name">What is trained, in a few words.</param>
/// <param name="Graph">The network with the weight decay (<c>L2</c>) and dropout rates of this stage.</param>
/// <param name="TrainableLayers">Names of the layers whose weights change.</param>
/// <param name="LearningRate">Learning rate at its start.</param>
/// <param name="EpochLimit">Number of epochs, counted over all stages, at which it ends at the latest: a cumulative end as in the original, not a count. A stage whose limit is reached already is skipped.</param>
public sealed record TrainingStage(string Name, LayerGraph Graph, ImmutableHashSet<string> TrainableLayers, double LearningRate, int EpochLimit);
