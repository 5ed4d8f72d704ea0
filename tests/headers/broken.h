#include "nowhere/deeper.h"
