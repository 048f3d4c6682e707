namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// The lifting steps of an inverse wavelet transform, which change low-pass and high-pass samples in turns, beginning with low-pass ones (T.800,
/// annex F).
/// </summary>
internal unsafe interface ILifting<T>
    where T : unmanaged
{
    /// <summary>How many steps there are.</summary>
    static abstract int Steps { get; }

    /// <summary>Does one step for many samples, each with its two neighbours of the other kind.</summary>
    static abstract void Lift(int step, T* target, T* left, T* right, int count);

    /// <summary>What becomes of the only sample where there is one alone.</summary>
    static abstract T Single(T value, bool isHigh);
}
