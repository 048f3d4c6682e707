namespace Mammo.Torch.Training;

/// <summary>What is done where the original program did something else than its documents say; the accidents are listed in the documentation.</summary>
public enum Compatibility
{
    /// <summary>What the documents say: weight decay and dropout of each stage take effect, frozen batch norm keeps its statistics, every sample is used once an epoch.</summary>
    Default,

    /// <summary>What the original truly did on Keras 2.0.8, accidents included.</summary>
    Keras208,
}
